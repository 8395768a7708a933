/** How long one post may take. Milliseconds. */
const TIMEOUT_MS = 3_000;
const SLACK_HOST = 'hooks.slack.com';

/**
 * Posting to a response URL. Bolt's own `respond` posts to whatever the payload names, without a limit of time; here
 * only Slack's host counts, or the loopback when the Web API itself is there (the sandbox).
 */
export function createResponseUrls(deps: { readonly apiUrl: string | undefined }) {
  const isAllowed = (url: string) => isSlackAddress(url, SLACK_HOST, deps.apiUrl);

  return {
    isAllowed,
    /** True when Slack took it. Never throws. */
    async post(url: string, message: Record<string, unknown>): Promise<boolean> {
      if (!isAllowed(url)) return false;
      try {
        const response = await fetch(url, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ ...message, response_type: 'ephemeral', replace_original: false }),
          redirect: 'error',
          signal: AbortSignal.timeout(TIMEOUT_MS),
        });
        await response.body?.cancel();
        return response.ok;
      } catch {
        return false;
      }
    },
  };
}

/** Whether an address is one of Slack's own: that host, or the loopback when the Web API itself is there. */
export function isSlackAddress(url: string, host: string, apiUrl: string | undefined): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname, port, username, password } = new URL(url);
  if (username !== '' || password !== '') return false;
  if (protocol === 'https:' && hostname === host && port === '') return true;
  const loopback = apiUrl !== undefined && isLoopback(new URL(apiUrl).hostname);
  return loopback && protocol === 'http:' && isLoopback(hostname);
}

export type ResponseUrls = ReturnType<typeof createResponseUrls>;

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}
