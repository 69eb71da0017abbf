#!/usr/bin/env bun
/** Three lines: main(argv) -> process.exitCode. */
import { main } from "../src/main.ts";

process.exitCode = await main(process.argv.slice(2));
