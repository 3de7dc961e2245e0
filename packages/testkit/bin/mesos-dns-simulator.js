#!/usr/bin/env node
// A file that is always there: npm links the commands of a workspace on installation, before anything is built.
import { startProgram } from './start-program.js';

await startProgram('mesos-dns-simulator');
