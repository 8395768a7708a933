/** The text of an AWS credentials file with one profile set, and everything else as it was. */
export function withProfile(text: string, profile: string, values: Readonly<{ [name: string]: string }>): string {
  const lines = text === '' ? [] : text.replace(/\n+$/, '').split('\n');
  const own = [`[${profile}]`, ...Object.entries(values).map(([name, value]) => `${name} = ${value}`)];
  const start = lines.findIndex((line) => line.trim() === `[${profile}]`);
  if (start === -1) return [...lines, ...(lines.length > 0 ? [''] : []), ...own, ''].join('\n');
  const next = lines.findIndex((line, index) => index > start && line.trim().startsWith('['));
  const after = next === -1 ? [] : ['', ...lines.slice(next)];
  return [...lines.slice(0, start), ...own, ...after, ''].join('\n');
}
