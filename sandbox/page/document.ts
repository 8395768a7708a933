import { createHash } from 'node:crypto';

/** Bare names that browser modules import, and where they are served. */
const IMPORT_MAP = JSON.stringify({
  imports: {
    preact: '/page/vendor/preact.mjs',
    'preact/hooks': '/page/vendor/hooks.mjs',
    htm: '/page/vendor/htm.mjs',
  },
});

const importMapHash = createHash('sha256').update(IMPORT_MAP).digest('base64');

/** Nothing from elsewhere, nothing inline but the import map, named by its hash. */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  `script-src 'self' 'sha256-${importMapHash}'`,
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join('; ');

/** The page's only document. */
export const DOCUMENT = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>titanic sandbox</title>
    <link rel="icon" href="/page/style/icon.svg" type="image/svg+xml">
    <link rel="stylesheet" href="/page/style/tokens.css">
    <link rel="stylesheet" href="/page/style/layout.css">
    <link rel="stylesheet" href="/page/style/messages.css">
    <link rel="stylesheet" href="/page/style/blocks.css">
    <link rel="stylesheet" href="/page/style/controls.css">
    <link rel="stylesheet" href="/page/style/panel.css">
    <script type="importmap">${IMPORT_MAP}</script>
    <script type="module" src="/page/browser/main.ts"></script>
  </head>
  <body>
    <noscript>This page needs JavaScript.</noscript>
    <div id="app"></div>
  </body>
</html>
`;
