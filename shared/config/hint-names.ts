/** How a change of configuration is called on the bus: who sends it writes these, the rule asks for both. */
export const CONFIG_HINT_SOURCE = 'tributary';
export const CONFIG_HINT_DETAIL_TYPE = 'ConfigurationChanged';

/** Name of a stage's bus of hints. */
export const hintBusName = (stage: string): string => `Tributary-${stage}`;
/** Name of the function that sends a stage's alerts, by that of its bus: whose environment is full need not be told both. */
export const alertSenderName = (busName: string): string => `${busName}-send-alerts`;
/** The same of the function that carries out replays. */
export const replayRunnerName = (busName: string): string => `${busName}-replay`;
