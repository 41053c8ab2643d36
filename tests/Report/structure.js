// What a screen reader would miss, one line each; nothing when all is well.
() => {
  const wrong = [];
  const ask = (fine, what) => { if (!fine) wrong.push(what); };
  const all = selector => [...document.querySelectorAll(selector)];

  ask(document.documentElement.lang === 'en', 'the page has no language');
  ask(document.title.length > 0, 'the page has no title');
  ask(all('h1').length === 1, 'there is not exactly one h1');
  ask(all('main').length === 1, 'there is not exactly one main');
  let level = 1;
  for (const heading of all('h1, h2, h3, h4')) {
    const next = Number(heading.tagName[1]);
    ask(next <= level + 1, `heading "${heading.textContent}" skips a level`);
    ask(heading.textContent.trim(), 'a heading is empty');
    level = next;
  }
  for (const table of all('table')) {
    ask(table.caption?.textContent.trim(), 'a table has no caption');
    const columns = table.tHead.rows[0].cells.length;
    for (const row of table.rows) ask(row.cells.length === columns, `a row of "${table.caption?.textContent}" has ${row.cells.length} of ${columns} cells`);
  }
  for (const head of all('th')) ask(head.scope === 'row' || head.scope === 'col', `th "${head.textContent}" has no scope`);
  for (const drawing of all('svg')) ask(drawing.getAttribute('role') === 'img' && drawing.getAttribute('aria-label'), 'a drawing has no label');
  for (const region of all('section')) ask(document.getElementById(region.getAttribute('aria-labelledby')), `section ${region.id} has no heading`);
  for (const box of all('.scroll')) ask(box.tabIndex === 0 && box.getAttribute('aria-label'), 'a box that scrolls cannot be reached with keys');
  const ids = all('[id]').map(element => element.id);
  ask(new Set(ids).size === ids.length, 'an id is there twice');
  for (const link of all('a')) {
    ask(link.textContent.trim(), 'a link is empty');
    ask(document.querySelector(link.getAttribute('href')), `link ${link.getAttribute('href')} leads nowhere`);
  }
  return wrong.join('\n');
}
