import type { InstallText } from './install-text.ts';

const library = { package: '@segment/analytics-next', version: '1.84.3' };

/** docs/browser.md explains both. */
export const JAVASCRIPT: readonly InstallText[] = [
  {
    title: 'Into the <head> of each page',
    language: 'html',
    library,
    ran: 'tests',
    text: `<script>
  (function (methods) {
    var analytics = (window.analytics = window.analytics || []);
    if (analytics.initialize) return;
    // Calls made before the script is there wait in this list.
    methods.split(' ').forEach(function (method) {
      analytics[method] = function () {
        analytics.push([method].concat([].slice.call(arguments)));
        return analytics;
      };
    });
    analytics._writeKey = '{{writeKey}}';
  })(
    'track page identify group alias screen ready on once off reset user setAnonymousId debug register addSourceMiddleware addIntegrationMiddleware addDestinationMiddleware trackLink trackForm trackClick trackSubmit',
  );
  analytics.page();
</script>
<script async src="{{cdnUrl}}/analytics.js/v1/{{writeKey}}/analytics.min.js"></script>
`,
  },
  {
    title: 'With npm install @segment/analytics-next',
    language: 'js',
    library,
    ran: 'tests',
    text: `import { AnalyticsBrowser } from '@segment/analytics-next';

export const analytics = AnalyticsBrowser.load({ writeKey: '{{writeKey}}', cdnURL: '{{cdnUrl}}' });
analytics.page();
`,
  },
];
