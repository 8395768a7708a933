import type { Command } from 'commander';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/** What may follow a verb. */
interface VerbWords {
  readonly verb: string;
  readonly says: string;
  readonly words: readonly string[];
  readonly options: readonly {
    readonly name: string;
    readonly says: string;
    readonly takes: boolean;
    readonly values: readonly string[];
  }[];
}

/** Words that may stand without an option's name, where they are few and known. */
const FIRST_WORDS: Readonly<Record<string, readonly string[]>> = {
  deploy: ['staging'],
  rollback: ['staging', 'prod'],
  evidence: ['export'],
  completion: SHELLS,
};

function verbsOf(program: Command): readonly VerbWords[] {
  return program.commands.map((command) => ({
    verb: command.name(),
    says: command.description(),
    words: FIRST_WORDS[command.name()] ?? [],
    options: [command, ...command.commands].flatMap((each) =>
      each.options.map((option) => ({
        name: option.long ?? option.flags,
        says: option.description,
        takes: option.required || option.optional,
        values: option.argChoices ?? [],
      })),
    ),
  }));
}

/** A script for the shell, made of what the program itself understands, so that the two cannot differ. */
export function completionScript(program: Command, shell: Shell): string {
  const verbs = verbsOf(program);
  switch (shell) {
    case 'bash':
      return bash(verbs);
    case 'zsh':
      return `#compdef titanic\nautoload -U +X bashcompinit && bashcompinit\n${bash(verbs)}`;
    case 'fish':
      return fish(verbs);
    default:
      return shell satisfies never;
  }
}

function bash(verbs: readonly VerbWords[]): string {
  const values = verbs.flatMap(({ verb, options }) =>
    options
      .filter((option) => option.values.length > 0)
      .map((option) => `    '${verb} ${option.name}') words='${option.values.join(' ')}' ;;`),
  );
  const after = verbs.map(({ verb, words, options }) => {
    const all = [...words, ...new Set(options.map(({ name }) => name)), '--help'];
    return `      ${verb}) words='${all.join(' ')}' ;;`;
  });
  return `# titanic completion: put this into a file that your shell reads, or: source <(titanic completion bash)
_titanic() {
  local current="\${COMP_WORDS[COMP_CWORD]}" verb="\${COMP_WORDS[1]}" words=''
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W '${verbs.map(({ verb }) => verb).join(' ')} --help' -- "$current"))
    return
  fi
  case "$verb \${COMP_WORDS[COMP_CWORD-1]}" in
${values.join('\n')}
    *)
      case "$verb" in
${after.map((line) => `  ${line}`).join('\n')}
      esac
      ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -F _titanic titanic
`;
}

function fish(verbs: readonly VerbWords[]): string {
  const lines = verbs.flatMap(({ verb, says, words, options }) => {
    const within = `complete -c titanic -n '__fish_seen_subcommand_from ${verb}'`;
    return [
      `complete -c titanic -n __fish_use_subcommand -f -a ${verb} -d ${quoted(says)}`,
      ...words.map((word) => `${within} -f -a ${word}`),
      ...options.map(({ name, says: what, takes, values }) => {
        const choices = values.length === 0 ? '' : ` -a '${values.join(' ')}'`;
        return `${within} -f -l ${name.replace(/^--/, '')} -d ${quoted(what)}${takes ? ' -r' : ''}${choices}`;
      }),
    ];
  });
  return `# titanic completion: titanic completion fish > ~/.config/fish/completions/titanic.fish\n${lines.join('\n')}\n`;
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
