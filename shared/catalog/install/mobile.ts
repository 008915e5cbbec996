import type { InstallText } from './install-text.ts';

export const SWIFT: readonly InstallText[] = [
  {
    title: 'With the Swift package github.com/segmentio/analytics-swift',
    language: 'swift',
    library: { package: 'analytics-swift', version: '1.9.4' },
    ran: 'nobody',
    text: `import Segment

let configuration = Configuration(writeKey: "{{writeKey}}")
    .apiHost("{{trackingHost}}/v1")
    .cdnHost("{{cdnHost}}/v1")
    .trackApplicationLifecycleEvents(true)
let analytics = Analytics(configuration: configuration)

analytics.track(name: "Signed Up")
`,
  },
];

export const KOTLIN: readonly InstallText[] = [
  {
    title: 'With Gradle: implementation("com.segment.analytics.kotlin:android:1.24.1")',
    language: 'kotlin',
    library: { package: 'com.segment.analytics.kotlin:android', version: '1.24.1' },
    ran: 'nobody',
    text: `import com.segment.analytics.kotlin.android.Analytics

val analytics = Analytics("{{writeKey}}", applicationContext) {
    apiHost = "{{trackingHost}}/v1"
    cdnHost = "{{cdnHost}}/v1"
    trackApplicationLifecycleEvents = true
}

analytics.track("Signed Up")
`,
  },
];

export const REACT_NATIVE: readonly InstallText[] = [
  {
    title: 'With npm install @segment/analytics-react-native @segment/sovran-react-native',
    language: 'js',
    library: { package: '@segment/analytics-react-native', version: '2.24.1' },
    ran: 'nobody',
    text: `import { createClient, AnalyticsProvider } from '@segment/analytics-react-native';

const client = createClient({
  writeKey: '{{writeKey}}',
  proxy: '{{trackingUrl}}/v1',
  cdnProxy: '{{cdnUrl}}/v1',
  useSegmentEndpoints: true,
  trackAppLifecycleEvents: true,
});

export const App = () => (
  <AnalyticsProvider client={client}>{/* useAnalytics().track('Signed Up') in any screen */}</AnalyticsProvider>
);
`,
  },
];

export const FLUTTER: readonly InstallText[] = [
  {
    title: 'With flutter pub add segment_analytics',
    language: 'dart',
    library: { package: 'segment_analytics', version: '1.1.10' },
    ran: 'nobody',
    text: `import 'package:segment_analytics/client.dart';
import 'package:segment_analytics/state.dart';

final analytics = createClient(Configuration(
  '{{writeKey}}',
  apiHost: '{{trackingHost}}/v1',
  cdnHost: '{{cdnHost}}/v1',
  trackApplicationLifecycleEvents: true,
));

void signedUp() => analytics.track('Signed Up');
`,
  },
];
