/** The rows of the table in a Markdown text whose header begins with this cell; each row as its trimmed cells. */
export function tableIn(markdown: string, firstHeader: string): readonly (readonly string[])[] {
  const lines = markdown.split('\n');
  const start = lines.findIndex((line) => line.startsWith('|') && cells(line)[0] === firstHeader);
  if (start < 0) throw new Error(`No table begins with «${firstHeader}».`);
  const end = lines.findIndex((line, at) => at > start && !line.startsWith('|'));
  const rows = lines.slice(start, end < 0 ? undefined : end).map(cells);
  return rows.filter((_, at) => at !== 1);
}

function cells(line: string): readonly string[] {
  return line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
}
