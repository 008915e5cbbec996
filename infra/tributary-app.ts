import { App, type AppProps } from 'aws-cdk-lib';
import cdkJson from '../cdk.json' with { type: 'json' };
import type { WebFiles } from './build/web-files.ts';
import type { CodeOf } from './constructs/handler-function.ts';
import { readSettings } from './settings.ts';
import { ControlStack } from './stacks/control-stack.ts';
import { DataStack } from './stacks/data-stack.ts';
import { DeliveryStack } from './stacks/delivery-stack.ts';
import { IngestStack } from './stacks/ingest-stack.ts';
import { WebStack } from './stacks/web-stack.ts';

export type TributaryApp = {
  app: App;
  data: DataStack;
  delivery: DeliveryStack;
  ingest: IngestStack;
  control: ControlStack;
  web: WebStack;
};

/**
 * The whole CDK app, not yet synthesised. Feature flags come from cdk.json however the app is started (the CDK CLI hands them over itself,
 * plain `node infra/bin/app.ts` does not), so the same commit gives the same template. Throws where a setting is faulty.
 */
export function tributaryApp(code: CodeOf, files: WebFiles, props: AppProps = {}): TributaryApp {
  const app = new App({ analyticsReporting: false, ...props, context: { ...cdkJson.context, ...props.context } });
  const settings = readSettings(app.node.getAllContext());
  const name = (part: string) => `Tributary-${settings.stage}-${part}`;
  // As tags of the stacks: CloudFormation puts them on every resource.
  const common = { settings, tags: { 'tributary-stage': settings.stage } };

  const data = new DataStack(app, name('Data'), { ...common, terminationProtection: true });
  const delivery = new DeliveryStack(app, name('Delivery'), { ...common, data, code });
  const ingest = new IngestStack(app, name('Ingest'), { ...common, data, code });
  // Consumers first: whoever reads messages is deployed before whoever writes them in a new form (C3).
  ingest.addStackDependency(delivery, 'consumers are deployed before producers');
  const functions = { ingest: ingest.ingest, route: delivery.route, deliver: delivery.deliver };
  const watched = [ingest, delivery];
  const control = new ControlStack(app, name('Control'), { ...common, data, functions, watched, code });
  const web = new WebStack(app, name('Web'), { ...common, data, code, files });
  // Its settings send browsers to the tracking API, whose routes are there by then.
  web.addStackDependency(ingest, 'pages are told where to send once somebody answers there');
  web.addStackDependency(control, 'deployed last');
  return { app, data, delivery, ingest, control, web };
}
