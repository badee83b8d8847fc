import { createInterface } from 'node:readline';
import { anthropicMessages } from './anthropic-messages.js';
import { mistralChat } from './mistral-chat.js';
import { openAiChat } from './openai-chat.js';
import { openAiResponses } from './openai-responses.js';

// Questions come as lines of JSON, many at once, and are answered in the order in which they end:
//   {id, sdk, way, baseUrl, key, model, situation, subject}
//   {id, heard: {text, thoughts, calls, ends}} | {id, raised: name, status, message} | {id, failed: why}
// The status is that of an HTTP answer or of a WebSocket's error frame, else 0. `raised` is an exception of the SDK's own; `failed` is one that nobody documented, and a fault of the
// test's or of the SDK's. The process ends when there are no more questions to come.

const SDKS = {
  'openai-chat': openAiChat,
  'openai-responses': openAiResponses,
  'anthropic-messages': anthropicMessages,
  'mistral-chat': mistralChat,
};

createInterface({ input: process.stdin }).on('line', async (line) => {
  const question = JSON.parse(line);
  process.stdout.write(`${JSON.stringify({ id: question.id, ...(await answer(question)) })}\n`);
});

async function answer(question) {
  const sdk = SDKS[question.sdk];
  try {
    return { heard: await sdk[question.way](question) };
  } catch (error) {
    return sdk.raises(error)
      ? { raised: error.constructor.name, status: status(error), message: error.message }
      : { failed: String(error.stack) };
  }
}

function status(error) {
  return error.status ?? error.statusCode ?? error.error?.status ?? 0;
}
