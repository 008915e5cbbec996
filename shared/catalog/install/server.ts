import type { InstallText } from './install-text.ts';

export const NODE: readonly InstallText[] = [
  {
    title: 'With npm install @segment/analytics-node',
    language: 'js',
    library: { package: '@segment/analytics-node', version: '3.1.0' },
    ran: 'tests',
    text: `import { Analytics } from '@segment/analytics-node';

const analytics = new Analytics({ writeKey: '{{writeKey}}', host: '{{trackingUrl}}' });
analytics.on('error', console.error);

analytics.track({ userId: 'user-1', event: 'Order Completed', properties: { total: 30 } });

// At the end of a script: events that wait are sent first.
await analytics.closeAndFlush();
`,
  },
  {
    title: 'With npm install @rudderstack/rudder-sdk-node',
    language: 'js',
    library: { package: '@rudderstack/rudder-sdk-node', version: '3.0.13' },
    ran: 'tests',
    text: `import RudderAnalytics from '@rudderstack/rudder-sdk-node';

const analytics = new RudderAnalytics('{{writeKey}}', {
  dataPlaneUrl: '{{trackingUrl}}',
  errorHandler: console.error,
});

analytics.track({ userId: 'user-1', event: 'Order Completed', properties: { total: 30 } });

// At the end of a script: events that wait are sent first.
await analytics.flush();
`,
  },
];

export const PYTHON: readonly InstallText[] = [
  {
    title: 'With pip install segment-analytics-python',
    language: 'python',
    library: { package: 'segment-analytics-python', version: '2.4.0' },
    ran: 'by hand',
    text: `import segment.analytics as analytics

analytics.write_key = '{{writeKey}}'
analytics.host = '{{trackingUrl}}'
analytics.on_error = lambda error, items: print('Not sent:', error)

analytics.track('user-1', 'Order Completed', {'total': 30})

# At the end of a script: events that wait are sent first.
analytics.shutdown()
`,
  },
];

export const GO: readonly InstallText[] = [
  {
    title: 'With go get github.com/segmentio/analytics-go/v3',
    language: 'go',
    library: { package: 'github.com/segmentio/analytics-go/v3', version: '3.3.0' },
    ran: 'by hand',
    text: `package main

import (
	"log"

	"github.com/segmentio/analytics-go/v3"
)

func main() {
	client, err := analytics.NewWithConfig("{{writeKey}}", analytics.Config{Endpoint: "{{trackingUrl}}"})
	if err != nil {
		log.Fatal(err)
	}
	// Events that wait are sent first.
	defer client.Close()

	if err := client.Enqueue(analytics.Track{
		UserId:     "user-1",
		Event:      "Order Completed",
		Properties: analytics.NewProperties().Set("total", 30),
	}); err != nil {
		log.Print(err)
	}
}
`,
  },
];

export const JAVA: readonly InstallText[] = [
  {
    title: 'With com.segment.analytics.java:analytics',
    language: 'java',
    library: { package: 'com.segment.analytics.java:analytics', version: '3.5.4' },
    ran: 'by hand',
    text: `import com.segment.analytics.Analytics;
import com.segment.analytics.messages.TrackMessage;
import java.util.Map;

public class Main {
  public static void main(String[] args) throws InterruptedException {
    Analytics analytics = Analytics.builder("{{writeKey}}").endpoint("{{trackingUrl}}").build();

    analytics.enqueue(
        TrackMessage.builder("Order Completed").userId("user-1").properties(Map.of("total", 30)));

    // At the end of a program: events that wait are sent first.
    analytics.flush();
    analytics.shutdown();
  }
}
`,
  },
];

export const RUBY: readonly InstallText[] = [
  {
    title: 'With gem install analytics-ruby (it sends over HTTPS only)',
    language: 'ruby',
    library: { package: 'analytics-ruby', version: '2.5.0' },
    ran: 'by hand',
    text: `require 'segment/analytics'
require 'uri'

tributary = URI('{{trackingUrl}}')
analytics = Segment::Analytics.new(
  write_key: '{{writeKey}}',
  host: tributary.host,
  port: tributary.port,
  on_error: proc { |status, message| warn "Not sent: #{status} #{message}" }
)

analytics.track(user_id: 'user-1', event: 'Order Completed', properties: { total: 30 })

# At the end of a script: events that wait are sent first.
analytics.flush
`,
  },
];

export const PHP: readonly InstallText[] = [
  {
    title: 'With composer require segmentio/analytics-php (it sends over HTTPS only)',
    language: 'php',
    library: { package: 'segmentio/analytics-php', version: '3.8.2' },
    ran: 'by hand',
    text: `<?php
require __DIR__ . '/vendor/autoload.php';

use Segment\\Segment;

Segment::init('{{writeKey}}', [
    'host' => '{{trackingHost}}',
    'error_handler' => function ($code, $message) {
        error_log("Not sent: $code $message");
    },
]);

Segment::track([
    'userId' => 'user-1',
    'event' => 'Order Completed',
    'properties' => ['total' => 30],
]);

// At the end of a script: events that wait are sent first.
Segment::flush();
`,
  },
];

export const NET: readonly InstallText[] = [
  {
    title: 'With dotnet add package Segment.Analytics.CSharp',
    language: 'csharp',
    library: { package: 'Segment.Analytics.CSharp', version: '2.6.0' },
    ran: 'nobody',
    text: `using Segment.Analytics;
using Segment.Serialization;

var configuration = new Configuration(
    "{{writeKey}}",
    apiHost: "{{trackingHost}}/v1",
    cdnHost: "{{cdnHost}}/v1");
var analytics = new Analytics(configuration);

analytics.Identify("user-1");
analytics.Track("Order Completed", new JsonObject { ["total"] = 30 });

// Sends what waits.
analytics.Flush();
`,
  },
];

export const HTTP_API: readonly InstallText[] = [
  {
    title: 'With curl',
    language: 'sh',
    ran: 'tests',
    text: `curl --fail-with-body '{{trackingUrl}}/v1/track' \\
  --user '{{writeKey}}:' \\
  --header 'Content-Type: application/json' \\
  --data '{"userId": "user-1", "event": "Order Completed", "properties": {"total": 30}}'
`,
  },
];

export const PIXEL: readonly InstallText[] = [
  {
    title: 'Into a mail or a page without scripts',
    language: 'html',
    ran: 'tests',
    text: `<!-- data: base64 of {"writeKey", "anonymousId" or "userId", "event", "properties"} as JSON, escaped for a URL -->
<img src="{{trackingUrl}}/v1/pixel/track?data={{pixelData}}" width="1" height="1" alt="">
`,
  },
  {
    title: 'The address of a pixel, with a shell',
    language: 'sh',
    ran: 'tests',
    text: `data=$(printf '%s' '{"writeKey": "{{writeKey}}", "anonymousId": "reader-1", "event": "Email Opened"}' |
  base64 | tr -d '\\n' | sed 's/+/%2B/g; s|/|%2F|g; s/=/%3D/g')
echo "{{trackingUrl}}/v1/pixel/track?data=$data"
`,
  },
];

export const WEBHOOK: readonly InstallText[] = [
  {
    title: 'The address to give to the tool',
    language: 'text',
    ran: 'nobody',
    text: `{{trackingUrl}}/v1/hooks/{{sourceId}}?key={{writeKey}}
`,
  },
  {
    title: 'Tried with curl',
    language: 'sh',
    ran: 'nobody',
    text: `curl --fail-with-body '{{trackingUrl}}/v1/hooks/{{sourceId}}?key={{writeKey}}' \\
  --header 'Content-Type: application/json' \\
  --data '{"id": "evt_1", "type": "order.completed", "customer": "user-1", "total": 30}'
`,
  },
];
