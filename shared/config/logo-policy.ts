/** Content-Security-Policy of an SVG that is opened by itself: its own style, and nothing else. */
export const LOGO_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox";
