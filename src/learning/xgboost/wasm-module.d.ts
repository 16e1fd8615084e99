/** The package brings no types. */
declare module 'ml-xgboost/dist/wasm/xgboost.js' {
  const module: import('./ml-xgboost-module.ts').LoadingModule;
  export default module;
}
