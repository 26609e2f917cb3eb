package dev.leat.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.leat.pipeline.Definition.Reading;
import dev.leat.testkit.Seeds;
import org.junit.jupiter.api.Test;

/** What is printed is what was read, whatever it is. */
class DefinitionRoundTripTest {
  @Test
  void whatIsPrintedReadsBack() {
    Seeds.run(
        500,
        (_, chance) -> {
          Definition definition = new RandomDefinition(chance).next();
          assertEquals(definition, read(definition.toYaml()), definition::toYaml);
          Definition work = read(definition.pipelineYaml());
          assertEquals(definition.streams(), work.streams());
          assertEquals(definition.lookups(), work.lookups());
          assertEquals(definition.metrics(), work.metrics());
          assertEquals(definition.views(), work.views());
          assertEquals(definition.pipelineYaml(), work.pipelineYaml());
        });
  }

  private static Definition read(String yaml) {
    Reading reading = Definition.parse(yaml);
    return assertInstanceOf(Reading.Valid.class, reading, () -> reading + "\n" + yaml).definition();
  }
}
