// All pages, in the order of the navigation. A page is a module with mount(element, args), which returns what to do
// when it is left; a new one needs a line here and nothing else.
export const pages = [
  {id: 'flow', title: 'Flow', key: 'f', load: () => import('./pages/flow.js'),
    icon: 'M1 6q4.5-4 9 0t9 0M1 14q4.5-4 9 0t9 0'},
  {id: 'streams', title: 'Streams', key: 's', load: () => import('./pages/streams.js'),
    icon: 'M3 4h14M3 10h14M3 16h9'},
  {id: 'metrics', title: 'Metrics', key: 'm', load: () => import('./pages/metrics.js'),
    icon: 'M2 17V3M2 17h16M5 13l4-5 3 3 5-7'},
  {id: 'dead-letters', title: 'Dead letters', key: 'd', load: () => import('./pages/dead-letters.js'),
    icon: 'M2 5h16v11H2zM2 5l8 7 8-7'},
  {id: 'alerts', title: 'Alerts', key: 'a', load: () => import('./pages/alerts.js'),
    icon: 'M10 3a5 5 0 0 1 5 5c0 5 2 6 2 6H3s2-1 2-6a5 5 0 0 1 5-5zM8.5 17h3'},
  {id: 'sql', title: 'SQL', key: 'q', load: () => import('./pages/sql.js'),
    icon: 'M3 5l5 5-5 5M10 16h7'},
  {id: 'system', title: 'System', key: 'y', load: () => import('./pages/system.js'),
    icon: 'M3 4h14v5H3zM3 11h14v5H3zM6 6.5h.01M6 13.5h.01'},
];
