// Addresses and the pages that they stand for.

const NAME = '([A-Za-z0-9][A-Za-z0-9._-]*)';

const ROUTES = [
  ['/', 'home', []],
  ['/nodes', 'nodes', []],
  ['/tenants', 'tenants', []],
  ['/audit', 'audit', []],
  ['/organizations', 'organizations', []],
  ['/requests', 'requests', []],
  [`/requests/${NAME}`, 'request', ['id']],
  [`/tenants/${NAME}`, 'policy', ['tenant']],
  [`/tenants/${NAME}/guards`, 'guards', ['tenant']],
  [`/tenants/${NAME}/guards/${NAME}`, 'guards', ['tenant', 'name']],
  [`/tenants/${NAME}/keys`, 'keys', ['tenant']],
  [`/tenants/${NAME}/budgets`, 'budgets', ['tenant']],
  [`/tenants/${NAME}/spend`, 'spend', ['tenant']],
  [`/tenants/${NAME}/requests`, 'requests', ['tenant']],
].map(([pattern, page, names]) => [new RegExp(`^${pattern}/?$`), page, names]);

/** The page of the address in the browser, its names, and its query. */
export function currentRoute() {
  const { pathname, search } = location;
  for (const [pattern, page, names] of ROUTES) {
    const found = pathname.match(pattern);
    if (found) {
      const parameters = Object.fromEntries(names.map((name, i) => [name, found[i + 1]]));
      return { page, path: pathname, ...parameters, query: new URLSearchParams(search) };
    }
  }
  return { page: 'missing', path: pathname, query: new URLSearchParams(search) };
}

export function go(address, { replace = false } = {}) {
  if (replace) history.replaceState(null, '', address);
  else history.pushState(null, '', address);
  window.dispatchEvent(new Event('penstock-route'));
}

/** Links within the console change the page without leaving the document. */
export function followLinks(onRoute) {
  window.addEventListener('popstate', onRoute);
  window.addEventListener('penstock-route', onRoute);
  document.addEventListener('click', (event) => {
    const link = event.composedPath().find((each) => each instanceof HTMLAnchorElement);
    const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey;
    if (!link || !plain || event.defaultPrevented || link.target || link.origin !== location.origin) return;
    if (/^\/(sign-|static|q\/)/.test(link.pathname) || link.hash) return;
    event.preventDefault();
    go(link.pathname + link.search);
  });
}
