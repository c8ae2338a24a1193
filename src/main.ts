import 'reflect-metadata';
import { serve } from './startup/serve.js';

if ((await serve(process.env)) === 'misconfigured') process.exitCode = 1;
