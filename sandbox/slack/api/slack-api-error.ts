import { type Problem, problemLine } from '../blocks/checks.ts';
import type { JsonObject } from '../json.ts';

/** A refusal in Slack's words: becomes `{ok: false, error: code, ...detail}`. */
export class SlackApiError extends Error {
  readonly code: string;
  readonly detail: JsonObject;

  constructor(code: string, detail: JsonObject = {}) {
    super(code);
    this.name = 'SlackApiError';
    this.code = code;
    this.detail = detail;
  }
}

/** `invalid_arguments` with one sentence, as Slack words it. */
export function invalidArguments(message: string): SlackApiError {
  return new SlackApiError('invalid_arguments', { response_metadata: { messages: [`[ERROR] ${message}`] } });
}

/** Throws `code` with every problem in `response_metadata.messages`, if there is any. */
export function refuseProblems(code: string, problems: Problem[]): void {
  if (problems.length === 0) return;
  const messages = problems.map(problemLine);
  throw new SlackApiError(code, { errors: messages, response_metadata: { messages } });
}
