/**
 * What the distribution does with a path that leads to no file of its own (CloudFront Functions, `cloudfront-js-2.0`): the app's page answers it, and the app
 * reads the path. Whatever has a dot in its last part is a file, which is there or is not. In the template as text; tests and `npm start` run this text.
 */
export const APP_PATHS_CODE = `function handler(event) {
  var request = event.request;
  var last = request.uri.slice(request.uri.lastIndexOf('/') + 1);
  if (last.indexOf('.') === -1) request.uri = '/index.html';
  return request;
}
`;
