package dev.penstock.dataplane.exchange;

import dev.penstock.dataplane.dialect.AnswerEncoder;
import dev.penstock.dataplane.dialect.FinishReason;
import dev.penstock.dataplane.dialect.ModelEvent;
import dev.penstock.dataplane.dialect.openai.responses.ResponsesCodec;
import dev.penstock.dataplane.dialect.openai.responses.ResponsesRequest;
import dev.penstock.dataplane.exchange.Stage.Arrived;
import dev.penstock.dataplane.exchange.Stage.Governed;
import dev.penstock.dataplane.relay.ClientChannel;
import dev.penstock.dataplane.relay.sse.EventScanner;
import dev.penstock.dataplane.relay.sse.Unfinished;
import dev.penstock.dataplane.translate.Translation;
import dev.penstock.kernel.money.Tokens;
import dev.penstock.kernel.snapshot.UnsupportedFields;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import java.util.Optional;

/**
 * An answer without output to a turn that only brings input ({@code "generate": false}): no
 * provider is asked, nothing is charged, and what is to be judged is judged with the turn that goes
 * on from it.
 *
 * @param events what begins the answer, as SSE
 * @param terminal what ends it
 */
record Intake(Buffer events, Buffer terminal) {

  private static final String ID = "resp_";

  /**
   * @throws RefusedException where the request has a fault, or its caller may not use its model
   */
  static Intake of(Arrived arrived, Governed governed) {
    ResponsesRequest request = ResponsesRequest.readTurn(arrived.body());
    arrived.trace().asked(request.model(), true);
    new ModelQuestion(Endpoint.RESPONSES, Optional.of(request.model())).answer(governed);
    AnswerEncoder encoder =
        Translation.of(request, new ResponsesCodec(), UnsupportedFields.REFUSE)
            .encoder(ID + arrived.requestId(), arrived.at());
    Buffer events = Buffer.buffer();
    encoder.event(new ModelEvent.Started("", request.model(), 0), events);
    encoder.event(new ModelEvent.UsageReported(Tokens.NONE), events);
    encoder.event(new ModelEvent.Finished(FinishReason.STOP, Optional.empty()), events);
    return new Intake(events, encoder.terminal());
  }

  void tell(ClientChannel client) {
    client.deliver(
        new EventScanner(events.length())
            .scan(new Unfinished(), ((BufferInternal) events).getByteBuf()));
    client.endStream(terminal);
  }
}
