/** The names that apps use most. Others are shown by name, as Slack shows those that it does not know. */
const EMOJI: Readonly<Record<string, string>> = {
  white_check_mark: '✅',
  heavy_check_mark: '✔️',
  x: '❌',
  no_entry: '⛔',
  no_entry_sign: '🚫',
  warning: '⚠️',
  rotating_light: '🚨',
  information_source: 'ℹ️',
  rocket: '🚀',
  ship: '🚢',
  anchor: '⚓',
  hourglass: '⌛',
  hourglass_flowing_sand: '⏳',
  lock: '🔒',
  unlock: '🔓',
  eyes: '👀',
  tada: '🎉',
  fire: '🔥',
  bulb: '💡',
  memo: '📝',
  bell: '🔔',
  mag: '🔍',
  link: '🔗',
  chart_with_upwards_trend: '📈',
  chart_with_downwards_trend: '📉',
  bar_chart: '📊',
  '+1': '👍',
  thumbsup: '👍',
  '-1': '👎',
  thumbsdown: '👎',
  ok_hand: '👌',
  wave: '👋',
  raised_hand: '✋',
  pray: '🙏',
  clap: '👏',
  heart: '❤️',
  smile: '😄',
  leftwards_arrow_with_hook: '↩️',
  arrows_counterclockwise: '🔄',
  stop_sign: '🛑',
  black_square_for_stop: '⏹️',
  red_circle: '🔴',
  large_green_circle: '🟢',
  large_yellow_circle: '🟡',
};

/** The picture of an emoji, or its name between colons. */
export function emojiOf(name: string): string {
  return (Object.hasOwn(EMOJI, name) ? EMOJI[name] : undefined) ?? `:${name}:`;
}

/** Plain text with `emoji: true`, as Slack shows it. */
export function withEmoji(text: string): string {
  return text.replace(/:([a-z0-9_+-]+):/g, (_, name: string) => emojiOf(name));
}
