import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Deeds } from './deeds.ts';
import type { PageState } from './page-state.ts';

export interface PageModel {
  readonly state: PageState;
  readonly deeds: Deeds;
}

export const PageContext = createContext<PageModel | null>(null);

/** The page's state and what can be done on it, for any view. */
export function usePage(): PageModel {
  const page = useContext(PageContext);
  if (page === null) throw new Error('usePage is for views inside the page.');
  return page;
}
