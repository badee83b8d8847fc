import { ResponsesWS } from 'openai/resources/responses/ws';
import { Heard } from './heard.js';
import { client, raises } from './openai.js';
import { imageUrl, inWords } from './question.js';

/** Responses of `openai`: event by event, put together by `.stream()`, whole, or over a WebSocket. */
export const openAiResponses = {
  raises,

  async raw(question) {
    const heard = new Heard();
    const stream = await client(question).responses.create({ ...about(question), stream: true });
    for await (const event of stream) {
      hear(event, heard);
    }
    return heard;
  },

  async helper(question) {
    return whole(await client(question).responses.stream(about(question)).finalResponse());
  },

  async whole(question) {
    return whole(await client(question).responses.create(about(question)));
  },

  socket(question) {
    const heard = new Heard();
    const socket = new ResponsesWS(client(question));
    return new Promise((resolve, reject) => {
      socket.on('event', (event) => hear(event, heard));
      socket.on('response.completed', () => resolve(heard));
      socket.on('response.incomplete', () => resolve(heard));
      socket.on('error', reject);
      socket.on('close', (code) => reject(new Error(`closed with ${code}`)));
      socket.send({ type: 'response.create', ...about(question) });
    }).finally(() => socket.close());
  },
};

const INCOMPLETE = { max_output_tokens: 'LENGTH', content_filter: 'REFUSED' };

function about(question) {
  const { model, subject } = question;
  const text = { type: 'input_text', text: subject.question };
  const image = { type: 'input_image', detail: 'auto', image_url: imageUrl(subject) };
  const report = { type: 'json_schema', name: 'report', strict: true, schema: subject.report };
  return inWords(question, {
    plain: { model, max_output_tokens: subject.maxTokens, input: subject.question },
    tools: { tools: [tool('get_weather', subject.city), tool('get_time', subject.nothing)] },
    image: { input: [{ role: 'user', content: [text, image] }] },
    structured: { text: { format: report } },
    reasoning: { reasoning: { effort: 'medium', summary: 'auto' } },
    uncarried: { truncation: 'auto' },
  });
}

function tool(name, parameters) {
  return { type: 'function', name, parameters, strict: false };
}

function hear(event, heard) {
  switch (event.type) {
    case 'response.output_text.delta':
    case 'response.refusal.delta':
      heard.text += event.delta;
      break;
    case 'response.reasoning_text.delta':
    case 'response.reasoning_summary_text.delta':
      heard.thoughts += event.delta;
      break;
    case 'response.output_item.added':
      if (event.item.type === 'function_call') {
        heard.call(event.output_index, event.item.name);
      }
      break;
    case 'response.function_call_arguments.delta':
      heard.arguments(event.output_index, event.delta);
      break;
    case 'response.completed':
    case 'response.incomplete':
      end(event.response, heard);
      break;
    default: // tells nothing that the others do not
  }
}

function whole(response) {
  const heard = new Heard();
  response.output.forEach((item, index) => hearItem(item, index, heard));
  end(response, heard);
  return heard;
}

function hearItem(item, index, heard) {
  switch (item.type) {
    case 'message':
      heard.text += item.content.map((part) => part.text ?? part.refusal).join('');
      break;
    case 'reasoning':
      heard.thoughts += [...item.summary, ...(item.content ?? [])].map((part) => part.text).join('');
      break;
    case 'function_call':
      heard.call(index, item.name);
      heard.arguments(index, item.arguments);
      break;
    default:
      throw new Error(`an item of type ${item.type}`);
  }
}

/** Responses have no word for calls, and for a refusal only the kind of its text. */
function end(response, heard) {
  const reason = response.incomplete_details?.reason;
  if (reason) {
    heard.end(reason, INCOMPLETE);
  } else if (response.output.some((item) => item.type === 'function_call')) {
    heard.ends.push('TOOLS');
  } else {
    heard.ends.push(response.output.some(refuses) ? 'REFUSED' : 'STOP');
  }
}

function refuses(item) {
  return item.type === 'message' && item.content.some((part) => part.type === 'refusal');
}
