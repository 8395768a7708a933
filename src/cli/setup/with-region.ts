import process from 'node:process';

/**
 * Does something while the SDK finds this region where it looks first, unless it finds one there already. What `.env`
 * says is read when a process starts, and this one had started before.
 */
export async function withRegion<T>(region: string | undefined, act: () => Promise<T>): Promise<T> {
  if (region === undefined || process.env.AWS_REGION) return act();
  const before = process.env.AWS_REGION;
  process.env.AWS_REGION = region;
  try {
    return await act();
  } finally {
    if (before === undefined) delete process.env.AWS_REGION;
    else process.env.AWS_REGION = before;
  }
}
