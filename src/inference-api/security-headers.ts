import type { IncomingMessage, ServerResponse } from 'node:http';
import helmet from 'helmet';

/**
 * What helmet sets, asked for once: the same for every answer, and building it anew would cost more than the routing.
 * The policy allows the documentation its own style and nothing else.
 */
export function securityHeaders(): Readonly<Record<string, string>> {
  const middleware = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        styleSrc: ["'self'"],
        baseUri: ["'none'"],
        formAction: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
  });
  const headers: Record<string, string> = {};
  const collector: Pick<ServerResponse, 'setHeader' | 'removeHeader'> = {
    setHeader(name, value) {
      headers[name.toLowerCase()] = String(value);
      return collector as ServerResponse;
    },
    removeHeader: (name) => delete headers[name.toLowerCase()],
  };
  // helmet looks at neither; it only sets headers.
  middleware({} as IncomingMessage, collector as ServerResponse, (error?: unknown) => {
    if (error !== undefined) throw error;
  });
  return headers;
}
