// What any process of Node pays.
export const handler = async () => null;
