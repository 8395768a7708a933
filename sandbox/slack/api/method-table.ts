import type { ApiMethods } from './api-method.ts';
import { APP_METHODS } from './app-methods.ts';
import { CHAT_METHODS } from './chat-methods.ts';
import { DIRECTORY_METHODS } from './directory-methods.ts';
import { FILE_METHODS } from './file-methods.ts';
import { VIEW_METHODS } from './view-methods.ts';

/** Every Web API method the local Slack answers. */
export const API_METHODS: ApiMethods = {
  ...APP_METHODS,
  ...CHAT_METHODS,
  ...DIRECTORY_METHODS,
  ...FILE_METHODS,
  ...VIEW_METHODS,
};
