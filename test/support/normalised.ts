/** What somebody is shown, with everything that differs from run to run made equal, so that its words can be compared. */
export function normalised(rendered: string): string {
  return rendered
    .replace(/\d{4}-\d{2}-\d{2} \d{2}:\d{2}(:\d{2})?( UTC)?/g, '<time>')
    .replace(/\d{4}-\d{2}-\d{2}T[\d:.]+Z/g, '<time>')
    .replace(/(?<![p\d.])\d+(\.\d+)? (ms|s|min)\b/g, '# ms')
    .replace(/\b(p\d\d?) [\d.]+(?=,|$)/gm, '$1 #')
    .replace(/\b(?!0\.0 )\d+\.\d %/g, '# %')
    .replace(/(error rate|p95 ms): [\d.]+/g, '$1: #')
    .replace(/\bsurvival-\d+\b/g, 'survival-N')
    .replace(/(-v\d+)-r\d+\b/g, '$1-rN')
    .replace(/ {2,}/g, '  ')
    .replace(/\b[0-9a-f]{12}\b(?!…)/g, '<hash>');
}
