/** The emulator as a process of its own, so that whoever measures does not share its loop. */
import process from 'node:process';
import { startServing } from '../sandbox/sagemaker/start-serving.ts';

const sagemaker = await startServing({ endpoint: process.env.INFERENCE_API_ENDPOINT ?? '', versions: [1, 3] });
console.log(sagemaker.port);
process.on('disconnect', () => process.exit(0));
