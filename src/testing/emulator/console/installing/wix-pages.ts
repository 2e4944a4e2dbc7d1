/** Whether a path is one of Wix's pages for browsers, rather than an endpoint for apps. */
export const isWixPage = (path: string): boolean =>
  path.startsWith('/app-market/') ||
  path.startsWith('/installer/') ||
  path === '/app-installer' ||
  path === '/favicon.ico';
