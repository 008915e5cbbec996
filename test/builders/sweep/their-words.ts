/** Values on the wire that have the word in them and stay, by destination: each is the tool's own, not a name that we give ourselves. */
export const THEIR_WORDS: Readonly<Record<string, { pattern: RegExp; why: string }>> = {
  iqm: { pattern: /^query pid: segment$/, why: 'chooses the format of the postback' },
  'marketo-static-lists': { pattern: /-{2,6}SEGMENT-DATA--/, why: 'is the boundary of a multipart body' },
  'stackadapt-audiences': { pattern: /^body query: mutation/, why: 'is a kind of provider in their GraphQL schema' },
  vwo: { pattern: /^(query en|body d\.event\.name): segment\./, why: 'is the prefix by which VWO knows such events' },
};
