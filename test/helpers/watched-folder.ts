/** A folder to do dangerous work in, with a parent whose every change is noticed. */
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export class WatchedFolder implements Disposable {
  readonly parent = mkdtempSync(join(tmpdir(), "nua-watched-"));
  /** Empty before each run; nothing but what is in it may change. */
  readonly folder = join(this.parent, "sandbox");
  /** A file that hostile input aims at. */
  readonly canary = join(this.parent, "canary");
  readonly #before: string;

  constructor() {
    mkdirSync(join(this.parent, "other/deep"), { recursive: true });
    writeFileSync(this.canary, "alive");
    writeFileSync(join(this.parent, "other/file"), "alive");
    mkdirSync(this.folder);
    this.#before = this.#describe();
  }

  /** Makes the folder empty again. @throws Error when anything beside it has changed */
  reset(): void {
    const now = this.#describe();
    if (now !== this.#before) throw new Error(`outside of the folder:\n${now}`);
    rmSync(this.folder, { recursive: true });
    mkdirSync(this.folder);
  }

  [Symbol.dispose](): void {
    rmSync(this.parent, { recursive: true, force: true });
  }

  /** Every name, with what tells that it was changed; hard links to it count as well. */
  #describe(): string {
    const lines: string[] = [];
    const visit = (path: string) => {
      for (const name of readdirSync(path).sort()) {
        const at = join(path, name);
        if (at === this.folder) continue;
        const { mode, size, nlink, mtimeMs, ino } = lstatSync(at);
        if ((mode & 0o170000) === 0o040000) {
          lines.push(`${at} ${mode}`);
          visit(at);
        } else lines.push(`${at} ${mode} ${size} ${nlink} ${mtimeMs} ${ino} ${readFileSync(at)}`);
      }
    };
    visit(this.parent);
    return lines.join("\n");
  }
}
