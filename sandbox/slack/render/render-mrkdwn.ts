/** The shown name of a user, group or channel id. */
export type NameOf = (id: string) => string | undefined;

const unescapeEntities = (text: string) =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');

/**
 * Slack markup as a reader sees it. Only what stands between unescapeEntitiesd angle brackets is markup: `&lt;!channel&gt;`
 * is shown as the characters `<!channel>` and mentions nobody, exactly as in Slack.
 */
export function renderMrkdwn(text: string, nameOf: NameOf): string {
  return text
    .split(/(<[^<>\n]+>)/)
    .map((part, index) =>
      index % 2 === 1 ? renderAngle(part.slice(1, -1), nameOf) : unescapeEntities(withoutStyles(part)),
    )
    .join('');
}

function renderAngle(inner: string, nameOf: NameOf): string {
  const bar = inner.indexOf('|');
  const target = bar < 0 ? inner : inner.slice(0, bar);
  const label = bar < 0 ? undefined : unescapeEntities(inner.slice(bar + 1));
  if (target.startsWith('@')) return `@${nameOf(target.slice(1)) ?? label ?? target.slice(1)}`;
  if (target.startsWith('#')) return `#${nameOf(target.slice(1)) ?? label ?? target.slice(1)}`;
  if (target.startsWith('!subteam^')) return `@${nameOf(target.slice(9)) ?? label ?? target.slice(9)}`;
  if (target.startsWith('!date^')) return label ?? target;
  if (target.startsWith('!')) return `@${target.slice(1)}`;
  const url = unescapeEntities(target);
  return label === undefined || label === url ? url : `${label} (${url})`;
}

/** Takes the marks of bold, italic, strike and code away where Slack would read them as such. */
function withoutStyles(text: string): string {
  return text
    .replace(/```\n?([\s\S]*?)\n?```/g, '$1')
    .replace(/`([^`\n]+)`/g, '$1')
    .replace(/(?<![\w*])\*(\S|\S[^*\n]*\S)\*(?![\w*])/g, '$1')
    .replace(/(?<![\w_])_(\S|\S[^_\n]*\S)_(?![\w_])/g, '$1')
    .replace(/(?<![\w~])~(\S|\S[^~\n]*\S)~(?![\w~])/g, '$1');
}
