import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { PageFile } from '../../wire.ts';
import { html } from '../html.ts';
import { fileUrl } from '../model/server.ts';
import { Icon } from './icon.ts';

/** More of a file than this is for the download. */
const SHOWN_CHARACTERS = 20_000;

/** Files that came with a message: to look into, and to save. */
export function MessageFiles({ files }: { readonly files: readonly PageFile[] }): VNode | null {
  if (files.length === 0) return null;
  return html`<div class="files">${files.map((file) => html`<${FileRow} key=${file.id} file=${file} />`)}</div>`;
}

function FileRow({ file }: { readonly file: PageFile }): VNode {
  const [content, setContent] = useState<string | null>(null);

  async function toggle(): Promise<void> {
    if (content !== null) return setContent(null);
    const response = await fetch(fileUrl(file.id)).catch(() => null);
    setContent(response?.ok === true ? (await response.text()).slice(0, SHOWN_CHARACTERS) : 'The file cannot be read.');
  }

  return html`<div class="file">
    <div class="file-head">
      <${Icon} name="file" />
      <span class="file-name">${file.title || file.name}<small>${file.name}, ${sizeWords(file.bytes)}</small></span>
      <button type="button" class="button is-plain" aria-expanded=${content !== null} onClick=${() => void toggle()}>
        ${content === null ? 'View' : 'Hide'}
      </button>
      <a class="button is-plain" href=${fileUrl(file.id)} download=${file.name}>Save</a>
    </div>
    ${content !== null && html`<pre tabindex="0">${content}</pre>`}
  </div>`;
}

function sizeWords(bytes: number): string {
  return bytes < 1_000 ? `${bytes} bytes` : `${(bytes / 1_000).toFixed(1)} kB`;
}
