// From the results of a metric to what a chart draws. No elements here.
const MOST = 6;

/** Those that are one number; a list of the most frequent can't be drawn over time. */
export const pickMeasures = info => info.measures.filter(one => !/^topk\(/.test(one.text));

export function metricPlot(answer, info, wanted) {
  const measures = pickMeasures(info);
  const measure = measures.find(one => one.name === wanted) ?? measures[0];
  if (!measure) return null;
  const value = point => (point[measure.name] === null || point[measure.name] === undefined ? null : Number(point[measure.name]));
  const total = series => series.points.reduce((sum, point) => sum + (value(point) ?? 0), 0);
  const largest = [...answer.series].sort((a, b) => total(b) - total(a)).slice(0, MOST);
  const x = [...new Set(largest.flatMap(series => series.points.map(point => seconds(point.start))))].sort((a, b) => a - b);
  const at = new Map(x.map((second, i) => [second, i]));
  const dots = [];
  const series = largest.map(one => {
    const values = new Array(x.length).fill(null);
    for (const point of one.points) {
      values[at.get(seconds(point.start))] = value(point);
      if (point.revision > 1 && value(point) !== null) dots.push({x: seconds(point.start), y: value(point)});
    }
    return {name: Object.values(one.labels).map(label => label ?? '–').join(' · ') || measure.name, values};
  });
  const open = largest.flatMap(one => one.points).filter(point => !point.final).map(point => seconds(point.start));
  return {
    kind: 'line', time: true, label: `${info.name}, ${measure.name} over time`, measure, x, series, dots, revised: dots.length,
    left: answer.series.length - largest.length,
    marks: answer.watermark ? [{x: seconds(answer.watermark), text: 'watermark'}] : [],
    shade: open.length > 0 ? Math.min(...open) : undefined,
  };
}

const seconds = time => Date.parse(time) / 1e3;
