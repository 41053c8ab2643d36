namespace PolyArb.Client.Commands;

/// <summary>
/// The scripts of `completion SHELL`. Each hands what was typed up to the cursor, without the program's own name, to the `[suggest:N]`
/// directive of the parser, which answers with one word a line.
/// </summary>
internal static class Completion
{
    public static readonly string[] Shells = ["bash", "zsh", "fish"];

    public static string Script(string shell) => shell switch
    {
        "bash" => Bash,
        "zsh" => Zsh,
        "fish" => Fish,
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>Where nothing is suggested the shell completes names of files.</summary>
    private const string Bash =
        """
        _polyarb_client() {
            local typed="${COMP_LINE:0:COMP_POINT}" IFS=$'\n'
            local rest="${typed#* }"
            COMPREPLY=($(compgen -W "$("${COMP_WORDS[0]}" "[suggest:${#rest}]" "$rest" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -o default -F _polyarb_client polyarb-client
        """;

    private const string Zsh =
        """
        #compdef polyarb-client
        _polyarb_client() {
            local rest="${BUFFER[1,CURSOR]#* }"
            local -a found=("${(@f)$("${words[1]}" "[suggest:${#rest}]" "$rest" 2>/dev/null)}")
            [[ -n "$found" ]] && compadd -- "${found[@]}" || _files
        }
        compdef _polyarb_client polyarb-client
        """;

    private const string Fish =
        """
        function __polyarb_client
            set -l typed (commandline -cp)
            set -l rest (string replace -r '^\S+\s?' '' -- "$typed")
            set -l length (string length -- "$rest")
            set -l program (commandline -opc)[1]
            $program "[suggest:$length]" "$rest" 2>/dev/null
        end
        complete -c polyarb-client -a '(__polyarb_client)'
        """;
}
