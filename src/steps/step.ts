/** The interface of a step, and how steps are run and timed. */
import { type Session, withReport } from "../session/session.ts";

export interface Step<Input, Output> {
  /** The name of its file, for messages and --time. */
  name: string;
  run(input: Input, session: Session): Promise<Output>;
}

/** Runs steps one by one and remembers how long each took. */
export interface StepRunner {
  <Input, Output>(step: Step<Input, Output>, input: Input): Promise<Output>;
  /** Seconds by the name of the step. */
  seconds: Record<string, number>;
  /** The same one, which also tells of each warning of its steps. */
  noting(onWarning: (text: string) => void): StepRunner;
}

export function createStepRunner(
  session: Session,
  seconds: Record<string, number> = {},
): StepRunner {
  const run = async <Input, Output>(step: Step<Input, Output>, input: Input): Promise<Output> => {
    session.signal.throwIfAborted();
    session.report.detail(step.name);
    const begin = performance.now();
    try {
      return await step.run(input, session);
    } finally {
      const taken = Math.round(performance.now() - begin) / 1000;
      seconds[step.name] = (seconds[step.name] ?? 0) + taken;
    }
  };
  const noting = (onWarning: (text: string) => void) => {
    const warn = (text: string) => {
      onWarning(text);
      session.report.warn(text);
    };
    return createStepRunner(withReport(session, { ...session.report, warn }), seconds);
  };
  return Object.assign(run, { seconds, noting });
}
