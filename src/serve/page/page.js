// The page of the service. ES2019; what comes from the service is shown as text alone.
'use strict';

(function () {
  const at = function (id) { return document.getElementById(id); };
  const status = at('status');
  const list = at('findings');

  function clear(node) {
    while (node.firstChild) { node.removeChild(node.firstChild); }
  }

  function tell(text) { status.textContent = text; }

  function show(findings) {
    clear(list);
    findings.forEach(function (finding) {
      const item = document.createElement('li');
      const words = finding.severity === 'error' ? '错误' : '警告';
      item.className = finding.severity;
      item.textContent = words + '：' + finding.message;
      if (finding.line) { item.textContent += '（第 ' + finding.line + ' 行）'; }
      if (finding.hint) {
        const hint = document.createElement('span');
        hint.className = 'hint';
        hint.textContent = '提示：' + finding.hint.zh;
        item.appendChild(hint);
      }
      list.appendChild(item);
    });
  }

  function ask(method, address, body) {
    const headers = {};
    const token = at('token').value;
    if (token) { headers.Authorization = 'Bearer ' + token; }
    if (body !== undefined) { headers['Content-Type'] = 'application/json'; }
    return fetch(address, { method: method, headers: headers, body: body, cache: 'no-store' });
  }

  function refused(response) {
    return response.json().then(function (problem) {
      show(problem.findings || []);
      tell(problem.title + '：' + problem.detail);
    });
  }

  function failed() { tell('服务没有回答。'); }

  function save(blob, name) {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(function () { URL.revokeObjectURL(link.href); }, 10000);
  }

  at('check').addEventListener('click', function () {
    tell('检查中……');
    ask('POST', '/v1/check', at('report').value).then(function (response) {
      if (!response.ok) { return refused(response); }
      return response.json().then(function (found) {
        show(found.findings);
        tell(found.findings.length === 0 ? '没有发现问题。' : '发现 ' + found.findings.length + ' 处：');
      });
    }).catch(failed);
  });

  document.querySelectorAll('[data-format]').forEach(function (button) {
    button.addEventListener('click', function () {
      const format = button.getAttribute('data-format');
      tell('生成中……');
      ask('POST', '/v1/export?as=' + format, at('report').value).then(function (response) {
        if (!response.ok) { return refused(response); }
        const count = response.headers.get('X-Gongwen-Findings');
        return response.blob().then(function (blob) {
          clear(list);
          save(blob, 'report.' + format);
          tell('生成了 report.' + format + '，警告 ' + count + ' 个。');
        });
      }).catch(failed);
    });
  });

  at('blank').addEventListener('click', function () {
    const id = at('layout').value;
    if (!id) { tell('先选版式。'); return; }
    ask('GET', '/v1/layouts/' + encodeURIComponent(id) + '/blank').then(function (response) {
      if (!response.ok) { return refused(response); }
      return response.text().then(function (text) { at('report').value = text; });
    }).catch(failed);
  });

  function fill() {
    ask('GET', '/v1/layouts').then(function (response) {
      if (!response.ok) { return refused(response); }
      return response.json().then(function (found) {
        const select = at('layout');
        while (select.options.length > 1) { select.remove(1); }
        found.layouts.forEach(function (layout) {
          const option = document.createElement('option');
          option.value = layout.id;
          option.textContent = layout.name;
          select.appendChild(option);
        });
      });
    }).catch(failed);
  }

  at('token').addEventListener('change', fill);
  at('form').addEventListener('submit', function (event) { event.preventDefault(); });
  fill();
}());
