// What text has too little contrast with its background, one line each; nothing when all is well.
() => {
  const rgb = color => color.match(/[\d.]+/g).map(Number);
  const light = color => rgb(color).slice(0, 3)
    .map(part => part / 255)
    .map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
    .reduce((sum, part, i) => sum + part * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = element => {
    for (let at = element; at; at = at.parentElement) {
      const color = getComputedStyle(at).backgroundColor;
      if ((rgb(color)[3] ?? 1) === 1) return color;
    }
    return 'rgb(255, 255, 255)';
  };
  const wrong = [];
  for (const element of document.querySelectorAll('body *')) {
    if (![...element.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.textContent.trim())) continue;
    const [ink, paper] = [getComputedStyle(element).color, behind(element)];
    const [a, b] = [light(ink), light(paper)].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) wrong.push(`${element.tagName}.${element.className} "${element.textContent.trim().slice(0, 40)}": ${ratio.toFixed(2)}`);
  }
  return wrong.join('\n');
}
