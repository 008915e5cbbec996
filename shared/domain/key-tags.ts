/** Stands where the tag of a write key would: for what the deployment itself sent to a source, and for what was taken in before messages told their key. */
export const NO_KEY = 'none';
export const UNTOLD_KEY = '';
