/** Something a person could not do in Slack, or a mistake of the caller. Nothing was sent to the app. */
export class ControlError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'ControlError';
    this.code = code;
  }
}
