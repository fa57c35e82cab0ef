import { Card } from '../parts/Card';
import { useJob } from '../state/job';

export default function Config() {
  const { name, spec } = useJob();
  return (
    <Card title={name}>
      <pre class="scroll-x">{JSON.stringify(spec.value, null, 2)}</pre>
    </Card>
  );
}
