package dev.penstock.kernel.usage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.kernel.usage.UsageWatermark.Verdict.Commit;
import dev.penstock.kernel.usage.UsageWatermark.Verdict.Missing;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class UsageWatermarkTest {

  private record Batch(long first, int count) {}

  @Property
  void countsEverySequenceNumberOnceWhateverArrives(@ForAll("batches") List<Batch> arriving) {
    UsageWatermark watermark = new UsageWatermark(0);
    List<Long> committed = new ArrayList<>();

    for (Batch batch : arriving) {
      switch (watermark.judge(batch.first(), batch.count())) {
        case Commit(int skip, UsageWatermark next) -> {
          LongStream.range(batch.first() + skip, batch.first() + batch.count())
              .forEach(committed::add);
          watermark = next;
        }
        case Missing(long expected) -> assertThat(expected).isEqualTo(watermark.acked() + 1);
      }
    }

    assertThat(committed)
        .containsExactlyElementsOf(LongStream.rangeClosed(1, watermark.acked()).boxed().toList());
  }

  @Property
  void aRepeatedBatchChangesNothing(@ForAll("batches") List<Batch> arriving) {
    UsageWatermark watermark = new UsageWatermark(0);
    for (Batch batch : arriving) {
      if (watermark.judge(batch.first(), batch.count()) instanceof Commit first) {
        Commit again = (Commit) first.next().judge(batch.first(), batch.count());
        assertThat(again.skip()).isEqualTo(batch.count());
        assertThat(again.next()).isEqualTo(first.next());
        watermark = first.next();
      }
    }
  }

  @Provide
  Arbitrary<List<Batch>> batches() {
    return Combinators.combine(
            Arbitraries.longs().between(1, 40), Arbitraries.integers().between(0, 12))
        .as(Batch::new)
        .list()
        .ofMaxSize(60);
  }
}
