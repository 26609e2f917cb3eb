package dev.leat.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.leat.event.TableSpec;
import dev.leat.pipeline.Contents;
import dev.leat.pipeline.Definition;
import dev.leat.pipeline.Definition.Reading;
import dev.leat.pipeline.Kinds;
import dev.leat.pipeline.Plan;
import dev.leat.pipeline.Plan.Planning;
import dev.leat.server.Views.Refusal;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ViewsTest {
  private static final Plan PLAN =
      plan(
          """
          streams:
            - {name: orders, match: type == 'o', entity: {key: data.id, version: data.v}}
          views:
            - {name: types, select: "SELECT type, count(*) FROM events GROUP BY type"}
            - {name: newest, select: SELECT count(*) FROM Orders_current}
            - {name: more, select: SELECT * FROM newest}
          """);

  private final ViewStore store = new ViewStore();

  @Test
  void whatTheStoreRefusesIsSaid() {
    PLAN.prepare(store);
    store.refusals.put("newest", "no table 'Orders_current'");
    assertEquals(
        List.of(new Refusal(1, "newest", "no table 'Orders_current'")),
        Views.refusals(PLAN, store, Set.of()));
    assertEquals(List.of("types[]", "newest[types]", "more[types, newest]"), store.asked);
  }

  @Test
  void viewsOverTablesThatComeWithTheDefinitionAreNotJudgedBefore() {
    store.define(TableSpec.open("events"));
    store.refusals.put("newest", "no table");
    store.refusals.put("more", "no table");
    assertEquals(List.of(), Views.refusals(PLAN, store, Set.of()));
    assertEquals(List.of("types[]"), store.asked);
    assertEquals(List.of("events"), store.tables().stream().map(TableSpec::name).toList());
  }

  @Test
  void theTableOfAllMetricsComesWithTheFirstMetric() {
    Plan plan = plan("views: [{name: v, select: SELECT * FROM metrics}]");
    plan.prepare(store);
    store.refusals.put("v", "no table");
    assertEquals(List.of(), Views.refusals(plan, store, Set.of()));
    assertEquals(List.of(), store.asked);
  }

  @Test
  void viewsAreKeptAtOnceIfAllTablesAreThere() {
    PLAN.prepare(store);
    store.refusals.put("newest", "too much");
    try (Views views = new Views(store)) {
      views.keepFrom(PLAN, 7);
      assertEquals(List.of("types", "more"), store.kept.poll());
      views.keep(List.of());
      assertEquals(List.of(), store.kept.poll());
    }
  }

  @Test
  void otherwiseTheyAreKeptWhenTheDefinitionIsInForce() throws Exception {
    try (Views views = new Views(store)) {
      views.keepFrom(PLAN, 7);
      assertNull(store.kept.poll(50, TimeUnit.MILLISECONDS));
      store.reach(7);
      assertEquals(List.of("types", "newest", "more"), store.kept.poll(30, TimeUnit.SECONDS));
    }
  }

  @Test
  void aStopEndsTheWaiting() throws Exception {
    try (Views views = new Views(store)) {
      views.keepFrom(PLAN, 7);
    }
    store.reach(7);
    assertNull(store.kept.poll(50, TimeUnit.MILLISECONDS));
  }

  private static Plan plan(String yaml) {
    Reading.Valid read = assertInstanceOf(Reading.Valid.class, Definition.parse(yaml));
    return assertInstanceOf(
            Planning.Valid.class,
            Plan.compile(read.definition(), read.places(), Contents.NONE, Kinds.BUILT_IN))
        .plan();
  }
}
