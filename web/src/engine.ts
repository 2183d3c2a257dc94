// What the browser computes without a page, for the tests that hold it against the server (run by Node).

export * as brackets from "./brackets";
export * as numbering from "./numbering";
export * as paint from "./paint";
export * as redline from "./redline";
export { speak } from "./i18n";
export { Replica } from "./replica";
