/** The vendored libraries and what Apps Script gives a page, as globals. */
declare const preact: typeof import('preact');
declare const preactHooks: typeof import('preact/hooks');
declare const htm: typeof import('htm').default;

interface ScriptRunner {
  withSuccessHandler(handler: (result: any) => void): ScriptRunner;
  withFailureHandler(handler: (error: Error) => void): ScriptRunner;
  [serverFunction: string]: any;
}

declare const google: { script: { run: ScriptRunner; host: { close(): void } } };
