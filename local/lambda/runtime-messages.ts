/** What the host tells the runtime of one environment. Events and answers travel as JSON text, as Lambda's own do. */
export type ToRuntime =
  | {
      kind: 'start';
      codeDirectory: string;
      handler: string;
      functionName: string;
      functionArn: string;
      memoryMb: number;
      logGroup: string;
      logStream: string;
      logging: LogFormat;
    }
  | { kind: 'invoke'; requestId: string; event: string; timeoutMs: number };

export type LogFormat = { format: 'JSON' | 'Text'; applicationLevel: LogLevel };
export const LOG_LEVELS = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** An error as Lambda reports it. */
export type Failure = { errorType: string; errorMessage: string; trace: string[] };

export type FromRuntime =
  | { kind: 'ready' }
  /** The module could not be loaded, or has no such handler; or the answer of an invocation could not be given. */
  | { kind: 'init-failed'; failure: Failure }
  /** `cpuMs`: what the thread spent on this invocation, its runtime's part included. */
  | { kind: 'answered'; payload: string; cpuMs: number }
  | { kind: 'failed'; failure: Failure; cpuMs: number }
  /** An exception that nothing caught. The runtime ends itself after it. */
  | { kind: 'fatal'; failure: Failure }
  | { kind: 'log'; text: string };
