import { withMermaid } from 'vitepress-plugin-mermaid';

const repository = 'https://github.com/nestjs-wix-auth/nestjs-wix-auth';

/** The manual. `npm run docs` builds it, and fails on a dead link. */
export default withMermaid({
  title: 'nestjs-wix-auth',
  description: 'Authentication for the NestJS backend of a Wix app.',
  base: '/nestjs-wix-auth/',
  cleanUrls: true,
  outDir: '../.tmp/docs',
  cacheDir: '../.tmp/docs-cache',
  // Drawings are made in the browser, by one large library.
  vite: { build: { chunkSizeWarningLimit: 2_000 } },
  markdown: { theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' } },
  themeConfig: {
    search: { provider: 'local' },
    socialLinks: [{ icon: 'github', link: repository }],
    nav: [
      { text: 'Guide', link: '/getting-started' },
      { text: 'Errors', link: '/errors/' },
      { text: 'Options', link: '/reference/options' },
      // Made by TypeDoc, so not a page that VitePress could show by itself.
      { text: 'API', link: '/api/', target: '_self' },
    ],
    sidebar: [
      { text: 'Getting started', link: '/getting-started' },
      {
        text: 'Concepts',
        items: [
          { text: 'The two authorities', link: '/concepts/authorities' },
          { text: 'Who is calling', link: '/concepts/identities' },
          { text: 'Permission scopes', link: '/concepts/scopes' },
          { text: 'What users hold', link: '/concepts/user-permissions' },
        ],
      },
      {
        text: 'Guides',
        items: [
          { text: 'Guarding routes', link: '/guides/routes' },
          { text: 'Testing your app', link: '/guides/testing' },
          { text: 'Calling Wix', link: '/guides/calling-wix' },
          { text: "With Wix's SDK", link: '/guides/wix-sdk' },
          { text: 'Webhooks', link: '/guides/webhooks' },
          { text: 'Service plugins, digests', link: '/guides/service-plugins' },
          { text: 'Installing the app', link: '/guides/installing' },
          { text: 'Several processes', link: '/guides/several-processes' },
          { text: 'Several apps', link: '/guides/several-apps' },
          { text: 'WebSockets and messages', link: '/guides/messages' },
          { text: 'Outside HTTP', link: '/guides/outside-http' },
          { text: 'CORS', link: '/guides/cors' },
          { text: 'Pages in Wix iframes', link: '/guides/iframe-pages' },
          { text: 'Your own login beside Wix', link: '/guides/own-login' },
          { text: 'OpenAPI', link: '/guides/openapi' },
          { text: 'Checks in CI', link: '/guides/ci-checks' },
          { text: 'Parts you can replace', link: '/guides/ports' },
          { text: 'Serverless hosts', link: '/guides/serverless' },
        ],
      },
      {
        text: 'Developing',
        items: [
          { text: 'The sample application', link: '/guides/sample' },
          { text: 'The emulator as a program', link: '/guides/emulator' },
          { text: 'Its console', link: '/guides/console' },
          { text: 'Apps in containers', link: '/guides/containers' },
          { text: 'Without NestJS', link: '/without-nestjs' },
          { text: 'From the emulator to a test site', link: '/guides/from-emulator-to-test-site' },
        ],
      },
      {
        text: 'Operations',
        items: [
          { text: 'Deployment checklist', link: '/operations/deployment' },
          { text: 'Rotating secrets', link: '/operations/secrets' },
          { text: 'When Wix or Redis is away', link: '/operations/outages' },
          { text: 'What is stored', link: '/operations/stored-data' },
          { text: 'Seen from outside', link: '/operations/observability' },
          { text: 'Monitoring', link: '/operations/monitoring' },
        ],
      },
      { text: 'Errors, code by code', link: '/errors/' },
      { text: 'Options', link: '/reference/options' },
      { text: "The console's API", link: '/console-api' },
      { text: 'Security', link: '/security' },
      { text: 'Coming from plain @wix/sdk', link: '/migrating' },
      { text: 'Speed', link: '/speed' },
      { text: 'Architecture', link: '/architecture' },
      { text: 'Mutation testing', link: '/contributing/mutation-testing' },
    ],
  },
});
