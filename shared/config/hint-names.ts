/** How a change of configuration is called on the bus: who sends it writes these, the rule asks for both. */
export const CONFIG_HINT_SOURCE = 'tributary';
export const CONFIG_HINT_DETAIL_TYPE = 'ConfigurationChanged';
