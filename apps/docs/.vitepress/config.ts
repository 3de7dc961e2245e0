import { defineConfig } from 'vitepress';

export default defineConfig({
  title: 'Signalbox',
  description: 'Keeps load balancers in step with service discovery.',
  cleanUrls: true,
  srcExclude: ['README.md'],
  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    nav: [
      { text: 'Guide', link: '/guide/quick-start' },
      { text: 'Plugins', link: '/plugins/marathon' },
      { text: 'Reference', link: '/reference/configuration' },
      { text: 'Extending', link: '/extending/' },
      { text: 'Decisions', link: '/decisions/' },
    ],
    sidebar: [
      {
        text: 'Guide',
        items: [
          { text: 'What it is', link: '/guide/what-it-is' },
          { text: 'Install', link: '/guide/install' },
          { text: 'Quick start', link: '/guide/quick-start' },
          { text: 'Your first pipeline', link: '/guide/first-pipeline' },
          { text: 'Under systemd', link: '/guide/systemd' },
          { text: 'In containers', link: '/guide/containers' },
          { text: 'Operating', link: '/guide/operating' },
          { text: 'Looking inside', link: '/guide/looking-inside' },
          { text: 'Testing a pipeline', link: '/guide/testing' },
          { text: 'When things fail', link: '/guide/failures' },
        ],
      },
      {
        text: 'Plugins',
        items: [
          { text: 'Source: marathon', link: '/plugins/marathon' },
          { text: 'Source: mesos-dns', link: '/plugins/mesos-dns' },
          { text: 'Source: file', link: '/plugins/file' },
          { text: 'Source: http', link: '/plugins/http' },
          { text: 'Source: dns', link: '/plugins/dns' },
          { text: 'Transform: filter', link: '/plugins/filter' },
          { text: 'Transform: route', link: '/plugins/route' },
          { text: 'Transform: merge', link: '/plugins/merge' },
          { text: 'Transform: rename', link: '/plugins/rename' },
          { text: 'Transform: weight', link: '/plugins/weight' },
          { text: 'Transform: drain', link: '/plugins/drain' },
          { text: 'Sink: haproxy', link: '/plugins/haproxy' },
          { text: 'Sink: nginx', link: '/plugins/nginx' },
          { text: 'Sink: template', link: '/plugins/template' },
        ],
      },
      {
        text: 'Reference',
        items: [
          { text: 'Configuration file', link: '/reference/configuration' },
          { text: 'Selectors', link: '/reference/selectors' },
          { text: 'Command line', link: '/reference/command-line' },
          { text: 'TypeScript', link: '/reference/typescript' },
          { text: 'Error codes', link: '/reference/error-codes' },
          { text: 'Events', link: '/reference/events' },
        ],
      },
      {
        text: 'Extending',
        items: [
          { text: 'A source of your own', link: '/extending/' },
          { text: 'Transforms and sinks', link: '/extending/transforms-and-sinks' },
          { text: 'The contract', link: '/extending/contract' },
          { text: 'Publishing', link: '/extending/publishing' },
        ],
      },
      { text: 'Decisions', link: '/decisions/', items: [] },
    ],
  },
});
